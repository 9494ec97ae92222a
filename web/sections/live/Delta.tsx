import { change, changeOf } from '@/data/format'
import { cn } from '@/ui/cn'

/** How a number stands against the same time yesterday. */
export function Delta({
  now,
  before,
  format,
  large = false,
}: {
  now: number
  before: number | undefined
  format: (value: number) => string
  large?: boolean
}) {
  const size = large ? 'text-lg' : 'text-xs'
  if (before === undefined) return <span className={cn(size, 'text-faint')}>no data for yesterday</span>
  const share = changeOf(now, before)
  const look = share === null || share > 0 ? 'text-up' : share < 0 ? 'text-down' : 'text-faint'
  return (
    <span className={cn('inline-flex items-center gap-1.5 whitespace-nowrap tabular', size)}>
      <span className={cn('font-medium', look)}>{share === null ? 'new' : change(share)}</span>
      <span className="text-faint">
        <span className="sr-only">, compared with this time yesterday: </span>
        <span aria-hidden>vs </span>
        {format(before)}
      </span>
    </span>
  )
}
