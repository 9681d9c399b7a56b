/**
 * Milliseconds of a processor that `work` takes in this thread. Other than time on the clock it does not grow with what
 * else the machine does, so a test may put a bound to it.
 */
export function processorMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
