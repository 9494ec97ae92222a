/** What is known of the frames until now. */
export interface FrameRateState {
  /** Seconds in a row with too few frames. */
  readonly slow: number
  readonly lighter: boolean
}

const tooFew = 50
const patience = 4

/** Four slow seconds in a row: the first load and a single hiccup are no reason to show less. */
export function judgeFrameRate(before: FrameRateState, framesPerSecond: number): FrameRateState {
  if (before.lighter) return before
  const slow = framesPerSecond < tooFew ? before.slow + 1 : 0
  return { slow, lighter: slow >= patience }
}
