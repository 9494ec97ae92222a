'use client'

import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { cn } from '@/ui/cn'
import { everyNth, ticks } from './scale'

export interface TimePoint {
  readonly key: string
  /** What it is called, in full. */
  readonly name: string
  /** The same on the axis. */
  readonly short: string
  /** `null` where there is none, such as in the future. */
  readonly value: number | null
  readonly before?: { readonly name: string; readonly value: number | null }
}

const margin = { top: 12, right: 10, bottom: 26 }

/** One line over time, and that of another time beside it. A pointer or the arrow keys read a point; a range that is dragged over, or selected with Shift, goes to `onZoom`. */
export function LineChart({
  points,
  label,
  format,
  axis = format,
  whole = false,
  unfinished,
  onZoom,
  children,
  className,
}: {
  points: readonly TimePoint[]
  label: string
  format: (value: number) => string
  /** How the marks at the left are written. */
  axis?: (value: number) => string
  /** Whether values are whole numbers. */
  whole?: boolean
  /** The point that still goes on. */
  unfinished?: number
  onZoom?: (first: number, last: number) => void
  /** What is shown for a point besides its values. */
  children?: (point: TimePoint) => ReactNode
  className?: string
}) {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  const [active, setActive] = useState<number | null>(null)
  const [anchor, setAnchor] = useState<number | null>(null)
  const dragging = useRef(false)
  const id = useId()
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const last = points.length - 1
  const at = active === null ? null : Math.min(active, last)
  const marks = ticks(
    Math.max(0, ...points.flatMap((point) => [point.value ?? 0, point.before?.value ?? 0])),
    size.height < 200 ? 4 : 5,
    whole,
  )
  const left = Math.max(...marks.map((mark) => axis(mark).length)) * 6.6 + 12
  const [plotWidth, plotHeight] = [Math.max(1, size.width - left - margin.right), Math.max(1, size.height - margin.top - margin.bottom)]
  const top = marks.at(-1) ?? 1
  const x = (i: number) => left + (last <= 0 ? plotWidth / 2 : (i / last) * plotWidth)
  const y = (value: number) => margin.top + plotHeight * (1 - value / top)
  const nth = everyNth(points.length, plotWidth, Math.max(...points.map((point) => point.short.length), 1) * 6.4 + 18)

  const indexAt = (event: PointerEvent) => {
    const bounds = box.current?.getBoundingClientRect()
    if (bounds === undefined || last < 0) return null
    return Math.max(0, Math.min(last, Math.round(((event.clientX - bounds.left - left) / plotWidth) * last)))
  }
  const zoom = (from: number, to: number) => {
    setAnchor(null)
    onZoom?.(Math.min(from, to), Math.max(from, to))
  }
  const down = (event: PointerEvent) => {
    const index = indexAt(event)
    setActive(index)
    if (event.pointerType !== 'mouse' || event.button !== 0 || onZoom === undefined || index === null) return
    event.currentTarget.setPointerCapture(event.pointerId)
    dragging.current = true
    setAnchor(index)
  }
  const up = (event: PointerEvent) => {
    if (!dragging.current) return
    dragging.current = false
    const index = indexAt(event)
    if (anchor !== null && index !== null && index !== anchor) zoom(anchor, index)
    else setAnchor(null)
  }
  const key = (event: KeyboardEvent) => {
    const from = at ?? last
    const to = { ArrowLeft: from - 1, ArrowRight: at === null ? from : from + 1, Home: 0, End: last, PageUp: from - 7, PageDown: from + 7 }[
      event.key
    ]
    if (event.key === 'Escape') {
      setAnchor(null)
      if (anchor === null) setActive(null)
    } else if (event.key === 'Enter' && at !== null && onZoom !== undefined) {
      event.preventDefault()
      zoom(anchor ?? at, at)
    } else if (to !== undefined) {
      event.preventDefault()
      setAnchor(event.shiftKey ? (anchor ?? from) : null)
      setActive(Math.max(0, Math.min(last, to)))
    }
  }
  const chosen = at === null ? undefined : points[at]
  const selected = anchor !== null && at !== null && anchor !== at ? ([Math.min(anchor, at), Math.max(anchor, at)] as const) : null
  const announcement =
    chosen === undefined
      ? ''
      : selected === null
        ? `${chosen.name}: ${chosen.value === null ? 'no data yet' : format(chosen.value)}${chosen.before === undefined || chosen.before.value === null ? '' : `; ${chosen.before.name}: ${format(chosen.before.value)}`}`
        : `From ${points[selected[0]]?.name} to ${points[selected[1]]?.name}`
  return (
    <div
      ref={box}
      role="group"
      tabIndex={0}
      aria-label={`${label}. Use the arrow keys to read each point.${onZoom === undefined ? '' : ' Hold Shift to select a period, then press Enter to zoom in.'}`}
      onKeyDown={key}
      onBlur={() => {
        setActive(null)
        setAnchor(null)
      }}
      onPointerDown={down}
      onPointerMove={(event) => setActive(indexAt(event))}
      onPointerUp={up}
      onPointerCancel={() => {
        dragging.current = false
        setAnchor(null)
      }}
      onPointerLeave={() => !dragging.current && setActive(null)}
      className={cn('relative touch-pan-y rounded-md select-none', onZoom !== undefined && 'cursor-crosshair', className)}
    >
      {size.width > 0 && last >= 0 && (
        <svg width={size.width} height={size.height} aria-hidden className="absolute inset-0 overflow-visible text-[0.6875rem] tabular">
          <defs>
            <linearGradient id={id} x1="0" x2="0" y1="0" y2="1">
              <stop offset="0" stopColor="var(--accent)" stopOpacity="0.22" />
              <stop offset="1" stopColor="var(--accent)" stopOpacity="0" />
            </linearGradient>
          </defs>
          {marks.map((mark) => (
            <g key={mark}>
              <line
                x1={left}
                x2={size.width - margin.right}
                y1={y(mark)}
                y2={y(mark)}
                stroke={mark === 0 ? 'var(--line-strong)' : 'var(--line)'}
              />
              <text x={left - 8} y={y(mark)} dy="0.35em" textAnchor="end" fill="var(--faint)">
                {axis(mark)}
              </text>
            </g>
          ))}
          {points.map(
            (point, i) =>
              (last - i) % nth === 0 && (
                <text
                  key={point.key}
                  x={x(i)}
                  y={size.height - 6}
                  textAnchor={
                    last > 0 && x(i) > size.width - margin.right - point.short.length * 3.2
                      ? 'end'
                      : last > 0 && x(i) - point.short.length * 3.2 < 0
                        ? 'start'
                        : 'middle'
                  }
                  fill="var(--faint)"
                >
                  {point.short}
                </text>
              ),
          )}
          {selected !== null && (
            <rect
              x={x(selected[0])}
              y={margin.top}
              width={x(selected[1]) - x(selected[0])}
              height={plotHeight}
              fill="var(--accent)"
              opacity="0.14"
            />
          )}
          <path
            d={line(
              points.map((point) => point.before?.value ?? null),
              x,
              y,
            )}
            fill="none"
            stroke="var(--faint)"
            strokeWidth="1.5"
            strokeDasharray="2 4"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
          <path
            d={area(
              points.map((point) => point.value),
              x,
              y,
              y(0),
            )}
            fill={`url(#${id})`}
          />
          <path
            d={line(
              points.map((point, i) => (i === unfinished ? null : point.value)),
              x,
              y,
            )}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="2"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
          {unfinished !== undefined && (
            <path
              d={line(
                points.map((point, i) => (i === unfinished || i === unfinished - 1 ? point.value : null)),
                x,
                y,
              )}
              fill="none"
              stroke="var(--accent)"
              strokeWidth="2"
              strokeDasharray="5 5"
            />
          )}
          {points.map(
            (point, i) =>
              point.value !== null &&
              (points.length <= 3 || isAlone(points, i)) && (
                <circle key={point.key} cx={x(i)} cy={y(point.value)} r="4" fill="var(--accent)" />
              ),
          )}
          {at !== null && chosen !== undefined && (
            <g>
              <line x1={x(at)} x2={x(at)} y1={margin.top} y2={margin.top + plotHeight} stroke="var(--line-strong)" />
              {chosen.before?.value != null && (
                <circle cx={x(at)} cy={y(chosen.before.value)} r="3.5" fill="var(--faint)" stroke="var(--surface)" strokeWidth="2" />
              )}
              {chosen.value !== null && (
                <circle cx={x(at)} cy={y(chosen.value)} r="4.5" fill="var(--accent)" stroke="var(--surface)" strokeWidth="2" />
              )}
            </g>
          )}
        </svg>
      )}
      {at !== null && chosen !== undefined && (
        <div
          aria-hidden
          className="pointer-events-none absolute top-1 z-10 rounded-lg border border-line-strong bg-raised px-3 py-2 text-xs whitespace-nowrap shadow-lg"
          style={x(at) > size.width / 2 ? { right: size.width - x(at) + 12 } : { left: x(at) + 12 }}
        >
          {selected !== null ? (
            announcement
          ) : (
            <>
              <p className="flex items-center justify-between gap-4">
                <span className="text-muted">{chosen.name}</span>
                <strong className="font-medium tabular">{chosen.value === null ? '–' : format(chosen.value)}</strong>
              </p>
              {chosen.before !== undefined && (
                <p className="mt-0.5 flex items-center justify-between gap-4 text-faint">
                  <span>{chosen.before.name}</span>
                  <span className="tabular">{chosen.before.value === null ? '–' : format(chosen.before.value)}</span>
                </p>
              )}
              {children?.(chosen)}
            </>
          )}
        </div>
      )}
      <p className="sr-only" aria-live="polite">
        {announcement}
      </p>
    </div>
  )
}

/** A point with nothing on either side has no line that would show it. */
const isAlone = (points: readonly TimePoint[], i: number) => points[i - 1]?.value == null && points[i + 1]?.value == null

type Scale = (value: number) => number

/** Straight lines from point to point; where one is missing the line is broken. */
function line(values: readonly (number | null)[], x: Scale, y: Scale): string {
  return values
    .map((value, i) => (value === null ? '' : `${values[i - 1] == null ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`))
    .join('')
}

function area(values: readonly (number | null)[], x: Scale, y: Scale, ground: number): string {
  let path = ''
  let start = -1
  for (let i = 0; i <= values.length; i++) {
    const value = values[i]
    if (value != null) {
      if (start < 0) start = i
      continue
    }
    if (start >= 0)
      path += `M${x(start).toFixed(1)} ${ground}${values
        .slice(start, i)
        .map((one, j) => `L${x(start + j).toFixed(1)} ${y(one ?? 0).toFixed(1)}`)
        .join('')}L${x(i - 1).toFixed(1)} ${ground}Z`
    start = -1
  }
  return path
}
