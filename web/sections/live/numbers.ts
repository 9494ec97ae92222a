import type { Code } from '@/data/countries'
import { type Picture, sum } from '@/data/live/picture'
import type { IconName } from '@/ui/Icon'

/** The numbers of today, and where they stand in the picture. */
export const numbers = [
  { name: 'Visits', icon: 'user', of: 'today', before: 'visits', money: false },
  { name: 'Page views', icon: 'page', of: 'pageviews', before: 'pageviews', money: false },
  { name: 'Carts', icon: 'cart', of: 'carts', before: 'carts', money: false },
  { name: 'Checkouts', icon: 'bag', of: 'checkouts', before: 'checkouts', money: false },
  { name: 'Orders', icon: 'check', of: 'orders', before: 'orders', money: false },
  { name: 'Revenue', icon: 'coins', of: 'revenue', before: 'revenue', money: true },
] as const satisfies readonly { name: string; icon: IconName; of: keyof Picture; before: string; money: boolean }[]

export function valuesOf(picture: Picture, one: (typeof numbers)[number], country: Code | null) {
  return { now: sum(picture[one.of], country), before: picture.yesterday && sum(picture.yesterday[one.before], country) }
}
