/** What the command line told a command. */

export interface CommandOptions {
  /** `--config`, a file. */
  readonly config: string | undefined;
  /** `--host`, an address to listen on. */
  readonly host: string | undefined;
  /** `--port`, from 0 to 65535. */
  readonly port: number | undefined;
  /** What follows the command: files, names. */
  readonly operands: readonly string[];
}
