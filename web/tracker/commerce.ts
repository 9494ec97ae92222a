import type { Fields, Track } from './hit'

const NAMES = /^(view_item|add_to_cart|remove_from_cart|begin_checkout|purchase|refund)$/

interface Entry {
  event?: string
  ecommerce?: Fields | null
  [argument: number]: unknown
}

/** A text or a number: no other type has an r in its name. */
const plain = (value: unknown) => (/r/.test(typeof value) ? `${value as string}` : '')

/** A text as the server takes it: without line breaks and half surrogate pairs, and cut, since a character has up to three bytes. */
export const textOf = (value: unknown) =>
  plain(value)
    .slice(0, 166)
    .replace(/[\0- \x7f\ud800-\udfff]+/gu, ' ')
    .trim() || undefined

/** A number as the server takes it, also out of `59,90`, `1,259.90` or `Rs. 1 259,90`: a point or comma divides thousands before another one, and before three last digits. */
export function numberOf(value: unknown): number | undefined {
  const text = plain(value)
  const number = +text || +(text.replace(/^[^\d-]+|[^\d.,-]|[.,-](?!\s*\d)|[.,](?=.*[.,]\d|\d{3}\D*$)/g, '').replace(',', '.') || NaN)
  return number >= 0 && number < 9e11 ? number : undefined
}

/** What the server can take of an order's items: an odd one must not cost the order. */
function itemsOf(items: unknown): Fields[] {
  const found = Object.values(Object(items) as Record<string, Fields>)
    .filter((item) => item)
    .map((item) => ({
      item_id: textOf(item.item_id || item.id),
      item_name: textOf(item.item_name || item.name),
      item_category: textOf(item.item_category),
      item_brand: textOf(item.item_brand),
      item_variant: textOf(item.item_variant),
      price: numberOf(item.price),
      quantity: numberOf(item.quantity),
    }))
    .filter((item) => item.item_id || item.item_name)
    .slice(0, 200)
  // A hit has at most 64 KiB.
  while (new Blob([JSON.stringify(found)]).size > 6e4) found.pop()
  return found
}

/**
 * Counts what the shop puts into GA4's data layer, and what is in it already: `{event: 'purchase', ecommerce: {…}}` as Google Tag Manager has it, or the arguments
 * `('event', 'purchase', {…})` of gtag.
 */
export function listen(track: Track): void {
  // biome-ignore lint/suspicious/noAssignInExpressions: two statements cost bytes in every shop
  const layer = window.dataLayer || (window.dataLayer = [])
  /** The `ecommerce` that came without an event, for the event to come. */
  let before: unknown
  const take = (entry: unknown) => {
    // Whatever a shop pushes must not stop its own script.
    try {
      const layer = entry as Entry
      const gtag = layer[0] === 'event'
      const name = (gtag ? layer[1] : layer.event) as string
      const ecommerce = layer.ecommerce
      if (NAMES.test(name)) {
        const fields = Object(gtag ? layer[2] : (ecommerce ?? { ...(before as Fields), ...layer })) as Fields
        before = 0
        track(name, {
          transaction_id: textOf(fields.transaction_id),
          value: numberOf(fields.value),
          currency: /\b[a-z]{3}\b/i.exec(plain(fields.currency))?.[0],
          items: itemsOf(fields.items),
        })
      } else if (!name && ecommerce !== undefined) before = ecommerce
    } catch {}
  }
  layer.forEach?.(take)
  const push = layer.push
  layer.push = function (...entries) {
    entries.forEach(take)
    return push?.apply(this, entries)
  }
}
