import type { Fields, Track } from './hit'

const NAMES = /^(view_item|add_to_cart|remove_from_cart|begin_checkout|purchase|refund)$/

interface Entry {
  event?: string
  ecommerce?: Fields
  [argument: number]: unknown
}

/**
 * The e-commerce event of an entry of GA4's data layer: `{event: 'purchase', ecommerce: {…}}` as Google Tag Manager has it, or the arguments
 * `('event', 'purchase', {…})` of gtag.
 */
export function commerceOf(entry: unknown): [string, Fields] | undefined {
  const layer = entry as Entry | null | undefined
  const gtag = layer?.[0] === 'event'
  const name = (gtag ? layer[1] : layer?.event) as string
  if (!NAMES.test(name)) return
  const { transaction_id, value, currency, items } = ((gtag ? layer[2] : layer!.ecommerce ?? layer) ?? {}) as Fields
  return [name, { transaction_id, value, currency, items }]
}

/** Counts what the shop puts into its data layer, and what is in it already. */
export function listen(track: Track): void {
  const layer = (window.dataLayer ??= [])
  const take = (entry: unknown) => {
    const found = commerceOf(entry)
    if (found) track(...found)
  }
  layer.forEach(take)
  const push = layer.push
  layer.push = function (...entries) {
    entries.forEach(take)
    return push.apply(this, entries)
  }
}
