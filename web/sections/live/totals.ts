import type { Code } from '@/data/countries'
import { type Snapshot, sum } from '@/data/live/snapshot'
import type { IconName } from '@/ui/Icon'

/** The numbers of today, and where they stand in the snapshot. */
export const totals = [
  { name: 'Visits', icon: 'user', of: 'today', before: 'visits', money: false },
  { name: 'Page views', icon: 'page', of: 'pageviews', before: 'pageviews', money: false },
  { name: 'Carts', icon: 'cart', of: 'carts', before: 'carts', money: false },
  { name: 'Checkouts', icon: 'bag', of: 'checkouts', before: 'checkouts', money: false },
  { name: 'Orders', icon: 'check', of: 'orders', before: 'orders', money: false },
  { name: 'Revenue', icon: 'coins', of: 'revenue', before: 'revenue', money: true },
] as const satisfies readonly { name: string; icon: IconName; of: keyof Snapshot; before: string; money: boolean }[]

export function valuesOf(snapshot: Snapshot, one: (typeof totals)[number], country: Code | null) {
  return { now: sum(snapshot[one.of], country), before: snapshot.yesterday && sum(snapshot.yesterday[one.before], country) }
}
