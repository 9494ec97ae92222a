'use client'

import { useEffect, useState } from 'react'
import { nameOf } from '@/data/countries'
import { ago, hiddenMoney, money } from '@/data/format'
import { useLive } from '@/data/live/live'
import type { Hit } from '@/data/live/snapshot'
import { Card, CardHeader } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { Icon, type IconName } from '@/ui/Icon'
import { Skeleton } from '@/ui/Skeleton'
import { Flag } from './Flag'

const kinds: Record<string, { icon: IconName; text: string }> = {
  visit: { icon: 'user', text: 'Visit' },
  page_view: { icon: 'page', text: 'Page view' },
  view_item: { icon: 'eye', text: 'Viewed' },
  add_to_cart: { icon: 'cart', text: 'Added to cart' },
  remove_from_cart: { icon: 'cart', text: 'Removed from cart' },
  begin_checkout: { icon: 'bag', text: 'Started checkout' },
  purchase: { icon: 'check', text: 'Order' },
  refund: { icon: 'undo', text: 'Refund' },
}
const shown = 14

/** The latest hits: what happened and where, never who it was. */
export function LatestActivity({ className }: { className?: string }) {
  const { snapshot, country } = useLive()
  const hits = (snapshot?.hits ?? []).filter((hit) => country === null || hit.country === country).slice(0, shown)
  const now = useClock(5_000)
  return (
    <Card className={cn('p-5', className)}>
      <CardHeader title="Latest activity" />
      {snapshot === undefined && (
        <div className="mt-3 space-y-3">
          {Array.from({ length: 6 }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no order
            <Skeleton key={i} className="h-8" />
          ))}
        </div>
      )}
      {snapshot !== undefined && hits.length === 0 && (
        <p className="relative py-10 text-center text-sm text-muted">
          {country === null ? 'No activity in the last 30 minutes.' : `No recent activity from ${nameOf(country)}.`}
        </p>
      )}
      <ol className="relative mt-2">
        {hits.map((hit) => (
          <Line key={hit.n} hit={hit} now={now} />
        ))}
      </ol>
    </Card>
  )
}

function Line({ hit, now }: { hit: Hit; now: number }) {
  const { streamer, snapshot } = useLive()
  const kind = kinds[hit.name] ?? { icon: 'zap' as const, text: hit.name }
  const order = hit.name === 'purchase'
  const subject = hit.item ?? hit.page
  return (
    <li className="flex h-11 animate-enter items-center gap-3 border-b border-line/60 text-sm last:border-0">
      <span
        className={cn(
          'flex size-7 shrink-0 items-center justify-center rounded-full',
          order ? 'bg-warn-soft text-order' : 'bg-raised text-muted',
        )}
      >
        <Icon name={kind.icon} size={13} />
      </span>
      <p className="min-w-0 flex-1 leading-tight">
        <span className="block truncate">
          <span className={cn(order && 'font-medium text-order')}>{kind.text}</span>
          {subject !== undefined && <span className="text-muted"> {subject}</span>}
        </span>
        <span className="flex items-center gap-1 truncate text-xs text-faint">
          <Flag code={hit.country} /> <span className="truncate">{nameOf(hit.country)}</span>
        </span>
      </p>
      <p className="text-right leading-tight tabular">
        {hit.value !== undefined && (
          <span className={cn('block', order && 'font-medium')}>
            {streamer ? hiddenMoney : money(hit.value, hit.currency ?? snapshot?.currency ?? 'EUR')}
          </span>
        )}
        <span className="block text-xs text-faint">{ago(Math.max(0, (now - Date.parse(hit.time)) / 1_000))}</span>
      </p>
    </li>
  )
}

/** The time, updated every so many milliseconds. */
function useClock(every: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
