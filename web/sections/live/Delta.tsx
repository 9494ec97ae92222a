import { change, changeOf } from '@/data/format'
import { cn } from '@/ui/cn'
import { Icon } from '@/ui/Icon'

/** How a number stands against the same time yesterday. */
export function Delta({ now, before, format }: { now: number; before: number | undefined; format: (value: number) => string }) {
  if (before === undefined) return <span className="text-xs text-faint">no yesterday yet</span>
  const share = changeOf(now, before)
  const look = share === null || share > 0 ? 'text-up' : share < 0 ? 'text-down' : 'text-faint'
  return (
    <span className="inline-flex items-center gap-1.5 text-xs whitespace-nowrap tabular">
      <span className={cn('inline-flex items-center gap-0.5 font-medium', look)}>
        {share !== 0 && <Icon name={share === null || share > 0 ? 'up' : 'down'} size={11} />}
        {share === null ? 'new' : change(share)}
      </span>
      <span className="text-faint">
        <span className="sr-only">, yesterday at this time </span>
        <span aria-hidden>vs </span>
        {format(before)}
      </span>
    </span>
  )
}
