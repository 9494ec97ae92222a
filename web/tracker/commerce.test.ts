import { afterEach, describe, expect, test, vi } from 'vitest'
import { listen, numberOf, textOf } from './commerce'
import type { Fields, Track } from './hit'

const order = { transaction_id: 'T-1', value: 59.9, currency: 'EUR', items: [{ item_id: 'SKU1', price: 59.9 }] }
const gtag = (...args: unknown[]) =>
  (function () {
    // biome-ignore lint/complexity/noArguments: gtag pushes its arguments object, not an array
    return arguments
  })(...(args as []))

afterEach(() => vi.unstubAllGlobals())

/** What is counted of entries of the data layer, as it is sent. */
function counted(...entries: unknown[]): [string, Fields][] {
  const window: { dataLayer?: unknown[] } = {}
  vi.stubGlobal('window', window)
  const track = vi.fn<Track>()
  listen(track)
  for (const entry of entries) window.dataLayer!.push(entry)
  expect(window.dataLayer).toHaveLength(entries.length)
  return JSON.parse(JSON.stringify(track.mock.calls)) as [string, Fields][]
}
const names = (...entries: unknown[]) => counted(...entries).map(([name]) => name)
const items = (found: unknown) => counted({ event: 'purchase', ecommerce: { ...order, items: found } })[0]![1].items as Fields[]

describe('an entry of the data layer', () => {
  test('of Google Tag Manager', () =>
    expect(counted({ event: 'purchase', ecommerce: { ...order, coupon: 'X' } })).toEqual([['purchase', order]]))
  test('of gtag', () => expect(counted(gtag('event', 'purchase', order))).toEqual([['purchase', order]]))
  test('with its fields beside the event', () => expect(counted({ event: 'purchase', ...order })).toEqual([['purchase', order]]))
  test.each(['view_item', 'add_to_cart', 'remove_from_cart', 'begin_checkout', 'purchase', 'refund'])(
    '%s is an event of a shop',
    (event) => {
      expect(names({ event, ecommerce: {} }, gtag('event', event))).toEqual([event, event])
    },
  )
  test.each([
    [null],
    [undefined],
    [0],
    ['event'],
    [() => {}],
    [{}],
    [{ ecommerce: null }],
    [{ event: 'gtm.js' }],
    [{ event: 'purchases' }],
    [gtag('js', new Date())],
    [gtag('config', 'G-1')],
    [gtag('event')],
  ])('%s is none', (entry) => expect(counted(entry)).toEqual([]))
  test('takes what was said before it without an event, once', () => {
    expect(
      counted(
        { ecommerce: order },
        { user: 7 },
        { event: 'gtm.load' },
        gtag('config', 'G-1'),
        { event: 'purchase' },
        { event: 'purchase' },
      ),
    ).toEqual([
      ['purchase', order],
      ['purchase', { items: [] }],
    ])
    expect(counted({ ecommerce: order }, { ecommerce: null }, { event: 'purchase' })).toEqual([['purchase', { items: [] }]])
    expect(counted({ ecommerce: order }, { event: 'purchase', value: 5 })).toEqual([['purchase', { ...order, value: 5 }]])
    expect(counted({ ecommerce: { value: 1 } }, { event: 'purchase', ecommerce: order })).toEqual([['purchase', order]])
  })
  test.each([
    ['a symbol', { event: Symbol('purchase') }],
    ['an object without a prototype', { event: Object.create(null) as object }],
    [
      'a getter that throws',
      Object.defineProperty({}, 'event', {
        get: () => {
          throw new Error('of the shop')
        },
      }),
    ],
    [
      'an order that throws',
      {
        event: 'purchase',
        ecommerce: {
          get value() {
            throw new Error('of the shop')
          },
        },
      },
    ],
  ])('and %s throws nothing into the shop', (_, entry) => expect(names(entry, { event: 'refund' })).toEqual(['refund']))
})

describe('an odd order is counted all the same', () => {
  const whole = [
    ['a name with a line break', [{ item_id: 1, item_name: ' Desk\r\n\tlamp\0 ' }], [{ item_id: '1', item_name: 'Desk lamp' }]],
    ['a discount', [{ item_id: 'A', price: -5 }], [{ item_id: 'A' }]],
    ['an empty price', [{ item_id: 'A', price: '', quantity: '2' }], [{ item_id: 'A', quantity: 2 }]],
    ['no variant', [{ item_id: 'A', item_variant: false }], [{ item_id: 'A' }]],
    ['several categories', [{ item_id: 'A', item_category: ['Home', 'Lamps'] }], [{ item_id: 'A' }]],
    ['an item that is none', [null, 'B', 7, {}, [], { price: 3 }, { item_id: 'A' }], [{ item_id: 'A' }]],
    ['items of an older plugin', [{ id: 7, name: 'Lamp', price: '29.95' }], [{ item_id: '7', item_name: 'Lamp', price: 29.95 }]],
    [
      'an emoji that is cut',
      [{ item_id: 'A', item_name: 'Lamp \ud83d' }, { item_name: 'Lamp 💡' }],
      [{ item_id: 'A', item_name: 'Lamp' }, { item_name: 'Lamp 💡' }],
    ],
    ['items as PHP writes a list with a gap', { 0: { item_id: 'A' }, 2: { item_id: 'B' } }, [{ item_id: 'A' }, { item_id: 'B' }]],
    ['items that are a text', 'SKU1', []],
    ['no items', null, []],
  ] as const
  test.each(whole)('with %s', (_, sent, kept) => expect(items(sent)).toEqual(kept))
  test('with more items than the server takes', () =>
    expect(items(Array.from({ length: 300 }, (_, i) => ({ item_id: i })))).toHaveLength(200))
  test('with more in them than the server takes', () => {
    const long = items(Array.from({ length: 200 }, () => ({ item_id: '1', item_name: '漢'.repeat(600), item_brand: '\u0416'.repeat(600) })))
    expect(long.length).toBeGreaterThan(50)
    expect(Buffer.byteLength(JSON.stringify(long))).toBeLessThan(62e3)
  })
  test('and its own fields are fixed too', () =>
    expect(counted({ event: 'purchase', ecommerce: { transaction_id: 1001, value: '1.259,90 €', currency: ' eur', items: 0 } })).toEqual([
      ['purchase', { transaction_id: '1001', value: 1259.9, currency: 'eur', items: [] }],
    ]))
  test('or left out', () =>
    expect(counted({ event: 'purchase', ecommerce: { transaction_id: {}, value: -1, currency: '€', items: {} } })).toEqual([
      ['purchase', { items: [] }],
    ]))
})

describe('a number', () => {
  test.each([
    [59.9, 59.9],
    [0, 0],
    [1e-7, 1e-7],
    ['59.90', 59.9],
    [' 59.90 ', 59.9],
    ['59,90', 59.9],
    ['1,259.90', 1259.9],
    ['1.259,90', 1259.9],
    ['1,259', 1259],
    ['1,259,000', 1259000],
    ['1.259.000', 1259000],
    ['1 259,90 €', 1259.9],
    ['1\u00a0259,90\u00a0kr.', 1259.9],
    ['1’259.90', 1259.9],
    ['€59.90', 59.9],
    ['Rs.59', 59],
    ['Rs. 1,259.00', 1259],
    ['59,-', 59],
    ['0,00', 0],
    ['1e3', 1000],
    // The server knows no more of these.
    ['', undefined],
    [' ', undefined],
    ['free', undefined],
    ['-5', undefined],
    ['- 5,00 €', undefined],
    [-5, undefined],
    ['59,90 - 69,90', undefined],
    ['2026-11-24', undefined],
    [1e15, undefined],
    [NaN, undefined],
    [Infinity, undefined],
    [null, undefined],
    [true, undefined],
    [[5], undefined],
    [{}, undefined],
  ])('%j is %j', (value, number) => expect(numberOf(value)).toBe(number))
})

describe('a text', () => {
  test('is no longer than the server takes, in bytes too', () => {
    for (const letter of ['a', 'é', '漢', '💡']) expect(Buffer.byteLength(textOf(letter.repeat(700))!)).toBeLessThanOrEqual(500)
    expect(textOf(`${'a'.repeat(165)}💡`)).toBe('a'.repeat(165))
  })
  test.each([
    [7, '7'],
    ['', undefined],
    ['\n', undefined],
    [false, undefined],
    [null, undefined],
    [['a'], undefined],
    [Symbol('a'), undefined],
  ])('%s is %j', (value, text) => expect(textOf(value)).toBe(text))
})

describe('the data layer', () => {
  test('is read from its beginning, and each later entry is passed to earlier listeners', () => {
    const before: unknown[] = []
    const layer: unknown[] = [{ event: 'view_item', ecommerce: {} }]
    layer.push = (...entries) => before.push(...entries)
    vi.stubGlobal('window', { dataLayer: layer })
    const track = vi.fn<Track>()
    listen(track)
    expect(layer.push({ ecommerce: null }, { event: 'add_to_cart', ecommerce: { value: 2 } })).toBe(2)
    expect(track.mock.calls.map(([name]) => name)).toEqual(['view_item', 'add_to_cart'])
    expect(before).toHaveLength(2)
  })
  test('may be something else', () => {
    vi.stubGlobal('window', { dataLayer: {} })
    expect(() => listen(vi.fn<Track>())).not.toThrow()
  })
})
