/** The size of a number in `rem`, or what its container has room for: a digit is about six tenths as wide as it is high. */
export const fitText = (text: string, size: number) => `min(${size}rem, ${Math.floor(160 / Math.max(1, text.length))}cqi)`
