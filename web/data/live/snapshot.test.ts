import { expect, test } from 'vitest'
import { apply, increases, type Snapshot, sum } from './snapshot'

const minutes = Array.from({ length: 30 }, (_, i) => ({
  minute: new Date(Date.UTC(2026, 10, 24, 9, 31 + i)).toISOString(),
  visits: i === 29 ? { us: 1 } : {},
}))
const snapshot = {
  site: 'shop.example',
  currency: 'USD',
  time: '2026-11-24T10:00:03Z',
  total: { us: 42, fr: 7 },
  today: { us: 3 },
  minutes,
  active: { us: 2 },
  pageviews: { us: 9 },
  carts: {},
  checkouts: {},
  orders: { us: 1 },
  revenue: { us: 59.9 },
  hits: [{ n: 1, time: '2026-11-24T10:00:00Z', country: 'us', name: 'page_view', page: '/' }],
}
const from = (event: object) => apply(undefined, 'snapshot', JSON.stringify(event))!
const change = (state: Snapshot, event: object) => apply(state, 'change', JSON.stringify({ time: '2026-11-24T10:00:04Z', ...event }))!

test('A snapshot is the state', () => {
  const state = from(snapshot)
  expect(state).toMatchObject({ site: 'shop.example', currency: 'USD', total: { us: 42, fr: 7 }, revenue: { us: 59.9 } })
  expect(state.minutes).toHaveLength(30)
  expect(state.minutes.at(-1)!.visits).toEqual({ us: 1 })
  expect(state.yesterday).toBeUndefined()
})

test('A change sets the values that it names, and 0 takes a country out', () => {
  const state = change(from(snapshot), {
    total: { us: 43 },
    active: { us: 0, de: 1 },
    minutes: [{ minute: '2026-11-24T10:00:00Z', visits: { us: 2 } }],
  })
  expect(state.total).toEqual({ us: 43, fr: 7 })
  expect(state.active).toEqual({ de: 1 })
  expect(state.minutes.at(-1)!.visits).toEqual({ us: 2 })
  expect(state.today).toEqual({ us: 3 })
})

test('A change that is applied twice does no harm', () => {
  const event = { today: { us: 4 }, hits: [{ n: 2, time: '2026-11-24T10:00:04Z', country: 'fr', name: 'visit' }] }
  const once = change(from(snapshot), event)
  expect(change(once, event)).toEqual(once)
  expect(once.hits.map((hit) => hit.n)).toEqual([2, 1])
})

test('An empty list of hits takes those away that were there', () => {
  expect(change(from(snapshot), { hits: [] }).hits).toEqual([])
  expect(change(from(snapshot), {}).hits).toHaveLength(1)
})

test('Minutes roll off with the time of a change, and those of a clock that was set back go too', () => {
  const later = change(from(snapshot), { time: '2026-11-24T10:02:00Z' })
  expect(later.minutes.map((one) => one.start).at(-1)).toBe(Date.UTC(2026, 10, 24, 10, 2))
  expect(later.minutes).toHaveLength(30)
  expect(later.minutes.at(-3)!.visits).toEqual({ us: 1 })
  const back = change(later, { time: '2026-11-24T09:59:00Z' })
  expect(back.minutes.some((one) => one.start > Date.UTC(2026, 10, 24, 9, 59))).toBe(false)
})

test('A snapshot takes the place of everything, whenever it comes', () => {
  const state = apply(
    change(from(snapshot), { total: { us: 99 } }),
    'snapshot',
    JSON.stringify({ ...snapshot, total: { jp: 1 }, hits: [] }),
  )!
  expect(state.total).toEqual({ jp: 1 })
  expect(state.hits).toEqual([])
})

test('Yesterday is absent until the server knows it, and then changes like the rest', () => {
  const known = change(from(snapshot), {
    yesterday: { active: {}, visits: { us: 2 }, pageviews: {}, carts: {}, checkouts: {}, orders: {}, revenue: {} },
  })
  expect(known.yesterday!.visits).toEqual({ us: 2 })
  expect(change(known, { yesterday: { visits: { us: 3 } } }).yesterday).toMatchObject({ visits: { us: 3 }, orders: {} })
})

test('A change without a state, and an event of another name, are passed over', () => {
  expect(apply(undefined, 'change', '{"time":"2026-11-24T10:00:00Z"}')).toBeUndefined()
  const state = from(snapshot)
  expect(apply(state, 'greeting', '{}')).toBe(state)
})

test('Sums are of one country or of all', () => {
  expect(sum({ us: 2, de: 3 }, null)).toBe(5)
  expect(sum({ us: 2, de: 3 }, 'de')).toBe(3)
  expect(sum({ us: 2 }, 'fr')).toBe(0)
  expect(sum(undefined, null)).toBe(0)
})

test('Only what grew is an increase', () => {
  expect(increases({ us: 2, fr: 5 }, { us: 4, fr: 3, de: 1 })).toEqual([
    ['us', 2],
    ['de', 1],
  ])
})
