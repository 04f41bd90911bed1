/** Two stages that let reads of one request travel together: a seat is taken first of all, and the batch joined last. */
import type { Execution, Stage } from "../execution.ts";

/** Comes before any stage that may wait, so that the batch knows whom to expect. */
export const takeSeat: Stage = (next) => (execution) => {
  const seat = execution.call.batching?.seatFor(execution);
  if (!seat) return next(execution);
  execution.seat = seat;
  return next(execution).finally(() => seat.leave());
};

/** From here on the batch is one call to the server: limits, breaker, retry and deadline see it once. */
export const joinBatch: Stage = (next) => (execution: Execution) =>
  execution.seat ? execution.seat.join(execution, next) : next(execution);
