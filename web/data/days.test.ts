import { expect, test } from 'vitest'
import { addDays, addMonths, clockOf, daysBetween, isDay, lastOfMonth, weekday, weeksOf, withOffset } from './days'

test('A day is one of the calendar', () => {
  expect(isDay('2028-02-29')).toBe(true)
  expect(['2026-02-29', '2026-13-01', '2026-1-1', '', 'x'].some(isDay)).toBe(false)
})

test('Days are added across months, years and changes of the clock', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
  expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31)
  expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2)
})

test('A month later is the same day, or the last one', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
  expect(addMonths('2026-11-24', 2)).toBe('2027-01-24')
  expect(addMonths('2026-01-15', -1)).toBe('2025-12-15')
  expect(lastOfMonth('2028-02-10')).toBe('2028-02-29')
})

test('Weeks begin with Monday and cover the month', () => {
  expect(weekday('2026-11-23')).toBe(0)
  const weeks = weeksOf('2026-11-24')
  expect(weeks[0]?.[0]).toBe('2026-10-26')
  expect(weeks.at(-1)?.at(-1)).toBe('2026-12-06')
  expect(weeks.every((week) => week.length === 7)).toBe(true)
})

test('The clock of a shop decides its day', () => {
  const moment = new Date('2026-11-24T23:30:00Z')
  expect(clockOf(moment, 'UTC')).toBe('2026-11-24 23:30:00')
  expect(clockOf(moment, 'Europe/Berlin')).toBe('2026-11-25 00:30:00')
  expect(clockOf(moment, 'Nowhere/Land')).toBe('2026-11-24 23:30:00')
})

test.each([
  ['2026-11-24 09:00:00', 'Europe/Berlin', '2026-11-24T09:00:00+01:00'],
  ['2026-07-24 09:00:00', 'Europe/Berlin', '2026-07-24T09:00:00+02:00'],
  // The hour that comes twice, and the ones around it.
  ['2026-10-25 01:00:00', 'Europe/Berlin', '2026-10-25T01:00:00+02:00'],
  ['2026-10-25 02:00:00', 'Europe/Berlin', '2026-10-25T02:00:00+02:00'],
  ['2026-10-25 03:00:00', 'Europe/Berlin', '2026-10-25T03:00:00+01:00'],
  ['2026-11-24 09:00:00', 'America/St_Johns', '2026-11-24T09:00:00-03:30'],
  ['2026-11-24 09:59:59', 'UTC', '2026-11-24T09:59:59+00:00'],
])('%s in %s is %s', (local, zone, time) => {
  expect(withOffset(local, zone)).toBe(time)
})
