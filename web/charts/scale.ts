/**
 * From a count to the share of a color, 0 to 1: by the logarithm, since the largest country would leave all others pale. In steps that an eye can tell apart: most visits change
 * no step, so that nothing is drawn again.
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

/** Marks of an axis from 0 to the first that is not below a value: so many at most, at steps of 1, 2, 2.5 or 5 of a power of ten; whole ones where only those make sense. */
export function ticks(value: number, most = 5, whole = false): number[] {
  if (!(value > 0)) return [0, 1]
  const power = 10 ** Math.floor(Math.log10(value / (most - 1)))
  const step =
    [1, 2, 2.5, 5, 10, 20]
      .map((factor) => factor * power)
      .find((size) => (!whole || Number.isInteger(size)) && Math.ceil(value / size - 1e-9) < most) ?? Math.ceil(value)
  const count = Math.ceil(value / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)))
}

/** Which of so many labels are shown in a width, evenly: each n-th one, counted from the last. */
export function everyNth(count: number, width: number, labelWidth: number): number {
  return Math.max(1, Math.ceil((count * labelWidth) / Math.max(1, width)))
}
