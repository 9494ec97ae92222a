import { expect, test } from 'vitest'
import { breakdown, exportUrl, funnel, isGood, isOver, overTime, type Shop, totals } from './build'
import { readView } from './view'

const shop: Shop = { site: 'shop.example', timeZone: 'Europe/Berlin', currency: 'EUR' }
const view = (search: string) => readView(new URLSearchParams(search))

test('Totals are compared, with the filters of the view', () => {
  expect(totals(shop, view('period=7d&c=DE&f=is_not,visit:os,Mac'), ['visitors', 'revenue'])).toEqual({
    site_id: 'shop.example',
    date_range: '7d',
    filters: [
      ['is', 'visit:country', ['DE']],
      ['is_not', 'visit:os', ['Mac']],
    ],
    metrics: ['visitors', 'revenue'],
    include: { comparisons: { mode: 'previous_period' } },
  })
})

test('Today is compared with the other day up to the same time of the shop', () => {
  const now = new Date('2026-11-24T08:30:00Z')
  const other = (search: string) => totals(shop, view(search), ['visits'], now).include
  expect(other('period=day')).toEqual({
    comparisons: { mode: 'custom', date_range: ['2026-11-23T00:00:00+01:00', '2026-11-23T09:30:00+01:00'] },
  })
  expect(other('period=day&compare=year_over_year')).toEqual({
    comparisons: { mode: 'custom', date_range: ['2025-11-24T00:00:00+01:00', '2025-11-24T09:30:00+01:00'] },
  })
  expect(other('period=yesterday')).toEqual({ comparisons: { mode: 'previous_period' } })
  expect(other('period=day&compare=off')).toBeUndefined()
})

test('A period is over when its last day is, in every time zone', () => {
  const now = Date.parse('2026-11-24T08:30:00Z')
  const over = (search: string) => isOver(totals(shop, view(search), ['visits']), now)
  expect(over('period=7d')).toBe(false)
  expect(over('period=2026-11-01,2026-11-23')).toBe(false)
  expect(over('period=2026-11-01,2026-11-22')).toBe(true)
})

test('Nothing is compared where it is turned off, nor all time', () => {
  expect(totals(shop, view('compare=off'), ['visits']).include).toBeUndefined()
  expect(totals(shop, view('period=all'), ['visits']).include).toBeUndefined()
})

test('Views per visit are not requested with a filter on pages, which the server would refuse', () => {
  expect(totals(shop, view('f=is,event:page,/'), ['visits', 'views_per_visit']).metrics).toEqual(['visits'])
})

test('The step of a chart is one that fits the period', () => {
  expect(overTime(shop, view('period=day&interval=month'), 'visits').dimensions).toEqual(['time:hour'])
  expect(overTime(shop, view('period=12mo&interval=week'), 'visits').dimensions).toEqual(['time:week'])
  expect(overTime(shop, view('period=all'), 'visits')).toMatchObject({ dimensions: ['time'], include: { time_labels: true } })
})

test('Rows are searched, sorted and in pages', () => {
  expect(
    breakdown(shop, view('period=30d'), 'event:page', ['visitors'], {
      limit: 20,
      offset: 40,
      order: ['visitors', 'asc'],
      filters: [['contains', 'event:page', ['lamp']]],
    }),
  ).toEqual({
    site_id: 'shop.example',
    date_range: '30d',
    filters: [['contains', 'event:page', ['lamp']]],
    metrics: ['visitors'],
    dimensions: ['event:page'],
    order_by: [['visitors', 'asc']],
    include: { total_rows: true },
    pagination: { limit: 20, offset: 40 },
  })
})

test('A funnel has steps, and no metrics', () => {
  const query = funnel(shop, view('period=7d'))
  expect(query.funnel?.steps).toEqual(['view_item', 'add_to_cart', 'begin_checkout', 'purchase'])
  expect(query.metrics).toBeUndefined()
})

test('An export of hours writes the sign of the offset so that it arrives', () => {
  expect(exportUrl(shop, view('period=2026-11-24T09,2026-11-24T12'))).toBe(
    '/api/v1/export?site_id=shop.example&date_range=2026-11-24T09%3A00%3A00%2B01%3A00%2C2026-11-24T12%3A59%3A59%2B01%3A00',
  )
})

test('Less of some things is good', () => {
  expect([isGood(5, false), isGood(5, true), isGood(-5, true), isGood(0, true)]).toEqual([true, false, true, null])
})
