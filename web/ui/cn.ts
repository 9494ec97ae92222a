/** Class names, without those that are not. */
export const cn = (...names: (string | false | null | undefined)[]) => names.filter(Boolean).join(' ')
