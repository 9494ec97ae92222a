import { expect, test } from 'vitest'
import { between, daysOf, intervalOf, intervalsOf, neighbour, type Period, presets, rangeOf, readPeriod, writePeriod } from './period'

const today = '2026-11-24'
const preset = (id: string) => readPeriod(id)
const days = (from: string, to: string): Period => ({ kind: 'days', from, to })

test('Every period comes back from its address', () => {
  const periods: Period[] = [
    ...presets.map(({ id }): Period => ({ kind: 'preset', id })),
    days('2026-11-01', '2026-11-20'),
    { kind: 'hours', from: '2026-11-24 09:00:00', to: '2026-11-24 12:59:59' },
  ]
  for (const period of periods) expect(readPeriod(writePeriod(period))).toEqual(period)
})

test.each([[null], ['yesteryear'], ['2026-11-20,2026-11-01'], ['2026-02-30,2026-03-01'], ['2026-11-20'], ['2026-11-24T09,x']])(
  'An address with %j shows the standard period',
  (text) => {
    expect(readPeriod(text)).toEqual({ kind: 'preset', id: '28d' })
  },
)

test('Presets are days of the shop', () => {
  expect(daysOf(preset('day'), today)).toEqual({ from: today, to: today })
  expect(daysOf(preset('yesterday'), '2026-03-01')).toEqual({ from: '2026-02-28', to: '2026-02-28' })
  expect(daysOf(preset('7d'), today)).toEqual({ from: '2026-11-18', to: today })
  expect(daysOf(preset('month'), today)).toEqual({ from: '2026-11-01', to: today })
  expect(daysOf(preset('lastmonth'), '2026-01-10')).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  expect(daysOf(preset('12mo'), today)).toEqual({ from: '2025-12-01', to: today })
  expect(daysOf(preset('year'), today)).toEqual({ from: '2026-01-01', to: today })
  expect(daysOf(preset('all'), today)).toBeNull()
})

test('A query gets the name of a preset that it knows, and days or times of all else', () => {
  expect(rangeOf(preset('28d'), today, 'UTC')).toBe('28d')
  expect(rangeOf(preset('yesterday'), today, 'UTC')).toEqual(['2026-11-23', '2026-11-23'])
  expect(rangeOf(preset('lastmonth'), today, 'UTC')).toEqual(['2026-10-01', '2026-10-31'])
  expect(rangeOf(readPeriod('2026-11-24T09,2026-11-24T12'), today, 'Europe/Berlin')).toEqual([
    '2026-11-24T09:00:00+01:00',
    '2026-11-24T12:59:59+01:00',
  ])
})

test('The period before and after is as long, and none begins in the future', () => {
  expect(neighbour(preset('7d'), today, -1)).toEqual(days('2026-11-11', '2026-11-17'))
  expect(neighbour(days('2026-11-11', '2026-11-17'), today, 1)).toEqual(days('2026-11-18', '2026-11-24'))
  expect(neighbour(preset('month'), today, -1)).toEqual(days('2026-10-01', '2026-10-31'))
  expect(neighbour(days('2026-10-01', '2026-10-31'), today, -1)).toEqual(days('2026-09-01', '2026-09-30'))
  expect(neighbour(preset('year'), today, -1)).toEqual(days('2025-01-01', '2025-12-31'))
  expect(neighbour(preset('12mo'), today, -1)).toEqual(days('2024-12-01', '2025-11-30'))
  expect(neighbour(preset('day'), today, 1)).toBeNull()
  expect(neighbour(preset('all'), today, -1)).toBeNull()
})

test('A chart has neither too few nor too many points', () => {
  expect(intervalsOf(preset('day'), today)).toEqual(['hour'])
  expect(intervalsOf(preset('7d'), today)).toEqual(['day', 'hour'])
  expect(intervalsOf(preset('28d'), today)[0]).toBe('day')
  expect(intervalsOf(preset('6mo'), today)[0]).toBe('week')
  expect(intervalsOf(preset('12mo'), today)[0]).toBe('month')
  expect(intervalsOf(preset('all'), today)).toEqual([])
})

test('Labels tell their step, also where the first week is cut', () => {
  expect(intervalOf(['2026-11-24 00:00:00'])).toBe('hour')
  expect(intervalOf(['2026-11-01', '2026-11-02', '2026-11-03'])).toBe('day')
  expect(intervalOf(['2026-11-01', '2026-11-02', '2026-11-09'])).toBe('week')
  expect(intervalOf(['2026-01-31', '2026-02-01', '2026-03-01'])).toBe('month')
})

test('Buckets of a chart are a period', () => {
  const hours = Array.from({ length: 24 }, (_, i) => `2026-11-23 ${String(i).padStart(2, '0')}:00:00`)
  expect(between(hours, 12, 9, today)).toEqual({ kind: 'hours', from: '2026-11-23 09:00:00', to: '2026-11-23 12:59:59' })
  expect(between(hours, 0, 23, today)).toEqual(days('2026-11-23', '2026-11-23'))
  expect(between(['2026-11-01', '2026-11-02', '2026-11-03'], 1, 2, today)).toEqual(days('2026-11-02', '2026-11-03'))
  expect(between(['2026-11-05', '2026-11-09', '2026-11-16', '2026-11-23'], 0, 1, today)).toEqual(days('2026-11-05', '2026-11-15'))
  expect(between(['2026-11-05', '2026-11-09', '2026-11-16', '2026-11-23'], 3, 3, today)).toEqual(days('2026-11-23', today))
  expect(between(['2026-09-01', '2026-10-01', '2026-11-01'], 1, 1, today)).toEqual(days('2026-10-01', '2026-10-31'))
  expect(between([], 0, 0, today)).toBeNull()
})
