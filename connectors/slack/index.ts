/** The Slack connector with its tools. */
import { slack } from "./connector.ts";
import { findUser } from "./tools/find-user.ts";
import { listChannels } from "./tools/list-channels.ts";
import { readChannel } from "./tools/read-channel.ts";
import { readThread } from "./tools/read-thread.ts";
import { searchMessages } from "./tools/search-messages.ts";
import { sendMessage } from "./tools/send-message.ts";

export default slack.connect([sendMessage, searchMessages, listChannels, readChannel, readThread, findUser]);
