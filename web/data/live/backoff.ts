/** How long to wait before a stream is opened again: 1, 2, 4… to 15 seconds, a part of it by chance so that a thousand dashboards do not come back at once. */
export function backOff(attempt: number, random: number): number {
  const most = Math.min(15_000, 1_000 * 2 ** Math.min(attempt, 10))
  return Math.round(most * (0.5 + random / 2))
}
