import { valueName } from '@/data/query/names'
import { Flag } from '../live/Flag'

/** A value of a dimension in a table. */
export function Label({ dimension, value }: { dimension: string; value: string }) {
  if (dimension !== 'visit:country') return valueName(dimension, value)
  return (
    <>
      <Flag code={value === '' ? 'zz' : value} /> {valueName(dimension, value)}
    </>
  )
}
