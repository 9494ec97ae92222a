'use client'

import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { addDays, addMonths, type Day, firstOfMonth, weekday, weeksOf } from '@/data/days'
import { IconButton } from './Button'
import { cn } from './cn'

const monthName = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const dayName = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const weekdayName = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' })
const date = (day: Day) => new Date(`${day}T00:00:00Z`)
/** Of any week that begins with a Monday. */
const weekdays = Array.from({ length: 7 }, (_, i) => weekdayName.format(date(addDays('2026-11-02', i))))

/**
 * A month to choose a first and a last day from (WAI-ARIA Authoring Practices, Date Picker): arrow keys go by days and weeks, Home and End within the week, Page Up and Page Down
 * by months, with Shift by years; Enter takes a day.
 */
export function Calendar({ from, to, latest, onChoose }: { from: Day; to: Day; latest: Day; onChoose: (from: Day, to: Day) => void }) {
  const [focused, setFocused] = useState(to > latest ? latest : to)
  const [start, setStart] = useState<Day | null>(null)
  const [over, setOver] = useState<Day | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const byKey = useRef(false)
  const month = firstOfMonth(focused)
  const go = (day: Day) => setFocused(day > latest ? latest : day < '1970-01-02' ? '1970-01-02' : day)

  useEffect(() => {
    if (!byKey.current) return
    byKey.current = false
    table.current?.querySelector<HTMLElement>(`[data-day="${focused}"]`)?.focus()
  }, [focused])

  const choose = (day: Day) => {
    setFocused(day)
    if (start === null) setStart(day)
    else {
      setStart(null)
      onChoose(start < day ? start : day, start < day ? day : start)
    }
  }
  const key = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: addDays(focused, -1),
      ArrowRight: addDays(focused, 1),
      ArrowUp: addDays(focused, -7),
      ArrowDown: addDays(focused, 7),
      Home: addDays(focused, -weekday(focused)),
      End: addDays(focused, 6 - weekday(focused)),
      PageUp: addMonths(focused, event.shiftKey ? -12 : -1),
      PageDown: addMonths(focused, event.shiftKey ? 12 : 1),
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    byKey.current = true
    setOver(to)
    go(to)
  }
  const other = start === null ? null : (over ?? start)
  const [first, last] = start === null || other === null ? [from, to] : start < other ? [start, other] : [other, start]
  return (
    <div className="w-full select-none">
      <div className="flex items-center justify-between">
        <IconButton icon="left" label="Previous month" onClick={() => go(addMonths(focused, -1))} />
        <p aria-live="polite" className="text-sm font-medium">
          {monthName.format(date(month))}
        </p>
        <IconButton
          icon="right"
          label="Next month"
          disabled={addMonths(month, 1) > latest}
          onClick={() => go(addMonths(focused, 1))}
          className="disabled:opacity-40"
        />
      </div>
      <table
        ref={table}
        role="grid"
        aria-label={monthName.format(date(month))}
        onKeyDown={key}
        onPointerLeave={() => setOver(null)}
        className="mt-1 w-full border-separate border-spacing-y-0.5 text-center text-sm tabular"
      >
        <thead>
          <tr>
            {weekdays.map((name) => (
              <th key={name} scope="col" className="h-7 text-xs font-normal text-faint">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const within = day >= first && day <= last
                const end = day === first || day === last
                if (!day.startsWith(month.slice(0, 7))) return <td key={day} className={cn('h-9', within && 'bg-accent-soft')} />
                return (
                  <td
                    key={day}
                    role="gridcell"
                    aria-selected={within}
                    className={cn('h-9 p-0', within && 'bg-accent-soft', day === first && 'rounded-l-lg', day === last && 'rounded-r-lg')}
                  >
                    <button
                      type="button"
                      data-day={day}
                      aria-label={dayName.format(date(day))}
                      disabled={day > latest}
                      tabIndex={day === focused ? 0 : -1}
                      onPointerEnter={() => setOver(day)}
                      onClick={() => choose(day)}
                      className={cn(
                        'size-9 w-full rounded-lg transition-colors disabled:cursor-default disabled:text-faint disabled:opacity-50',
                        end ? 'bg-accent font-medium text-accent-ink' : 'enabled:hover:bg-line-strong',
                      )}
                    >
                      {Number(day.slice(8))}
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p aria-live="polite" className="px-1 pt-1 text-xs text-faint">
        {start === null ? 'Select a start date.' : 'Select an end date.'}
      </p>
    </div>
  )
}
