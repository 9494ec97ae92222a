/** What hits and visits must be, in the words of a query. */
export interface Filter {
  readonly operator: Operator
  readonly dimension: string
  readonly values: readonly string[]
}

export const operators = ['is', 'is_not', 'contains', 'contains_not'] as const
export type Operator = (typeof operators)[number]

const escapeValue = (text: string) => text.replace(/[\\,]/g, '\\$&')

/** `is,visit:source,Google`: values with commas have a backslash before each. */
export const writeFilter = ({ operator, dimension, values }: Filter) => [operator, dimension, ...values.map(escapeValue)].join()

/** `null` for what is no filter. */
export function readFilter(text: string): Filter | null {
  const parts = [...text.matchAll(/(?:^|,)((?:\\[\s\S]|[^\\,])*)/g)].map((match) => (match[1] ?? '').replace(/\\([\s\S])/g, '$1'))
  const [operator = '', dimension = '', ...values] = parts
  if (!operators.includes(operator as Operator) || !/^(visit|event|item):[\w:.-]+$/.test(dimension) || values.length === 0) return null
  return { operator: operator as Operator, dimension, values }
}

/** Filters with one value more; with the same value again, with one less. */
export function toggle(filters: readonly Filter[], dimension: string, value: string): Filter[] {
  const same = filters.find((filter) => filter.dimension === dimension && filter.operator === 'is')
  const others = filters.filter((filter) => filter !== same)
  if (same?.values.includes(value) === true) {
    const left = same.values.filter((one) => one !== value)
    return left.length === 0 ? others : [...others, { ...same, values: left }]
  }
  return [...others, { operator: 'is', dimension, values: [...(same?.values ?? []), value] }]
}

/** The same filter the other way round. */
export function negate(filter: Filter): Filter {
  const other = { is: 'is_not', is_not: 'is', contains: 'contains_not', contains_not: 'contains' } as const
  return { ...filter, operator: other[filter.operator] }
}
