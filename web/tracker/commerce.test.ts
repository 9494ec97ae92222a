import { afterEach, describe, expect, test, vi } from 'vitest'
import { commerceOf, listen } from './commerce'

const order = { transaction_id: 'T-1', value: 59.9, currency: 'EUR', items: [{ item_id: 'SKU1', price: 59.9 }] }
const gtag = (...args: unknown[]) => (function () { return arguments })(...(args as []))

describe('an entry of the data layer', () => {
  test('of Google Tag Manager', () => expect(commerceOf({ event: 'purchase', ecommerce: { ...order, coupon: 'X' } })).toEqual(['purchase', order]))
  test('of gtag', () => expect(commerceOf(gtag('event', 'purchase', order))).toEqual(['purchase', order]))
  test('with its fields beside the event', () => expect(commerceOf({ event: 'purchase', ...order })).toEqual(['purchase', order]))
  test.each(['view_item', 'add_to_cart', 'remove_from_cart', 'begin_checkout', 'purchase', 'refund'])('%s is an event of a shop', (event) => {
    expect(commerceOf({ event, ecommerce: {} })![0]).toBe(event)
    expect(commerceOf(gtag('event', event))![0]).toBe(event)
  })
  test.each([[null], [undefined], [0], ['event'], [() => {}], [{}], [{ ecommerce: null }], [{ event: 'gtm.js' }], [{ event: 'purchases' }], [gtag('js', new Date())], [gtag('config', 'G-1')], [gtag('event')]])(
    '%s is none',
    (entry) => expect(commerceOf(entry)).toBeUndefined(),
  )
})

describe('the data layer', () => {
  afterEach(() => vi.unstubAllGlobals())

  test('is read from its beginning, and each later entry goes on to whoever listened before', () => {
    const before: unknown[] = []
    const layer: unknown[] = [{ event: 'view_item', ecommerce: {} }]
    layer.push = (...entries) => before.push(...entries)
    vi.stubGlobal('window', { dataLayer: layer })
    const track = vi.fn()
    listen(track)
    expect(layer.push({ ecommerce: null }, { event: 'add_to_cart', ecommerce: { value: 2 } })).toBe(2)
    expect(track.mock.calls.map(([name]) => name)).toEqual(['view_item', 'add_to_cart'])
    expect(before).toHaveLength(2)
  })
  test('is made where there is none', () => {
    const window: { dataLayer?: unknown[] } = {}
    vi.stubGlobal('window', window)
    const track = vi.fn()
    listen(track)
    window.dataLayer!.push(gtag('event', 'purchase', order))
    expect(track).toHaveBeenCalledExactlyOnceWith('purchase', order)
    expect(window.dataLayer).toHaveLength(1)
  })
})
