/** Makes sure that no child process outlives the gateway, however the gateway ends. */
import { spawn, type ChildProcess } from "node:child_process";

const alive = new Set<number>();
let watchman: ChildProcess | undefined;
let hooked = false;

/** Reads "+ pid" and "- pid" until its input closes, which also happens when the gateway is killed; then kills what is left. */
const WATCHMAN = `trap '' HUP INT TERM
pids=" "
while read -r change pid; do
  case "$change" in
    +) pids="$pids$pid " ;;
    -) case "$pids" in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid" 2>/dev/null; done`;

/**
 * Puts a process group under guard until the returned function is called.
 * A closing pipe is no sure end: many servers go on after their input has closed.
 */
export function guardChild(pid: number): () => void {
  if (!hooked) {
    hooked = true;
    process.on("exit", () => {
      for (const each of alive) killGroup(each, "SIGKILL");
    });
  }
  alive.add(pid);
  tell(`+ ${pid}\n`);
  return () => {
    if (!alive.delete(pid)) return;
    tell(`- ${pid}\n`);
    if (alive.size > 0) return;
    watchman?.stdin?.end();
    watchman = undefined;
  };
}

/** Signals every process of the group; one that is gone already is no error. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // ESRCH: nobody left.
  }
}

function tell(line: string): void {
  if (process.platform === "win32") return;
  if (!watchman) {
    const started = spawn("/bin/sh", ["-c", WATCHMAN], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: {},
    });
    // An image without a shell still has the exit hook above.
    started.on("error", () => {});
    started.stdin.on("error", () => {});
    started.unref();
    (started.stdin as unknown as { unref?(): void }).unref?.();
    watchman = started;
  }
  watchman.stdin?.write(line);
}
