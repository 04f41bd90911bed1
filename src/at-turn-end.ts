/** Collects what comes up during one turn of the event loop and does it at the turn's end, in the order it came. */

/**
 * For writes to sockets: each one may wake the process at the other end, which costs the writer more than the write itself.
 * Written together they wake it once. With a single request under way it waits for nothing: the turn is over when the
 * request was handled.
 *
 * @example
 * const sendSoon = atTurnEnd<Answer>((answer) => answer.send());
 */
export function atTurnEnd<T>(act: (each: T) => void): (each: T) => void {
  let waiting: T[] = [];
  const flush = () => {
    const all = waiting;
    waiting = [];
    for (const each of all) act(each);
  };
  return (each) => {
    if (waiting.push(each) === 1) setImmediate(flush);
  };
}
