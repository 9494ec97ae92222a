/**
 * From a count to the share of a colour, 0 to 1: by the logarithm, since the largest country would leave all others pale. In steps that an eye can tell apart: most visits change
 * no step, so that nothing is drawn anew.
 */
export function shade(count: number, most: number): number {
  if (count <= 0 || most <= 0) return 0
  const share = most <= 1 ? 1 : Math.min(1, Math.log1p(count) / Math.log1p(most))
  return Math.max(1, Math.round(share * shadeSteps)) / shadeSteps
}

const shadeSteps = 24

/** The end of an axis: the next of 1, 2, 4, 5, 10, 20… that is not below a value. */
export function niceEnd(value: number): number {
  if (value <= 4) return 4
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 5, 10].map((step) => step * power).find((end) => end >= value) ?? value
}
