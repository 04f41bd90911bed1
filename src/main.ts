/** The command line: reads the arguments and runs one command. */
import { parseArgs } from "node:util";
import { check } from "./commands/check.ts";
import type { CommandOptions } from "./commands/command-options.ts";
import { schema } from "./commands/schema.ts";
import { serveCommand } from "./commands/serve.ts";
import { tools } from "./commands/tools.ts";
import { VERSION } from "./version.ts";

const USAGE = `toolgraph <command> [options]

  serve            starts the gateway (the default command)
  check FILE       validates a configuration file and prints every fault
  tools            lists the tools of the configured servers
  schema           prints the GraphQL schema as SDL

  --config FILE    configuration file; else TOOLGRAPH_CONFIG, else ./toolgraph.yaml, else the demo
  --host H         address to listen on
  --port P         port to listen on; 0 takes a free one
  --version, --help
`;

/** Runs a command and gives the exit code; `serve` resolves when the gateway has stopped. */
export async function main(argv: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: "string" },
        host: { type: "string" },
        port: { type: "string" },
        version: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return print(USAGE);
  if (values.version) return print(`${VERSION}\n`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    return complain(`--port ${values.port} is not a port; give a number from 0 to 65535.`);
  }
  const [command = "serve", ...operands] = positionals;
  const options: CommandOptions = { config: values.config, host: values.host, port, operands };
  switch (command) {
    case "serve":
      return serveCommand(options);
    case "check":
      return check(options);
    case "tools":
      return tools(options);
    case "schema":
      return schema(options);
    default:
      return complain(`There is no command '${command}'.`);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return 2;
}
