/** `resetCircuit`: an operator closes a server's circuit by hand. Views of callers without that role do not have the field. */
import { builder } from "../builder.ts";
import { resetCircuit } from "../../resolvers/reset-circuit.ts";
import { Server } from "./server.ts";

builder.mutationField("resetCircuit", (t) =>
  t.field({
    type: Server,
    description: "Closes the server's circuit and forgets its failures. Only for callers with the role operator.",
    args: { serverId: t.arg.id({ required: true }) },
    resolve: (_root, { serverId }, context) => resetCircuit(context, serverId),
  }),
);
