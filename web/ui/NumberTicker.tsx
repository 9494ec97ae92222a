'use client'

import { useEffect, useRef } from 'react'
import { useLighter } from './frames'
import { useReducedMotion } from './motion'

/**
 * A number that runs to its new value. It writes into the page by itself, since twenty of them at sixty frames a second are too much for React. Who listens to the page hears
 * the value from `aria-label` of what is around it, and not each step.
 */
export function NumberTicker({ value, format, className }: { value: number; format: (value: number) => string; className?: string }) {
  const ref = useRef<HTMLSpanElement>(null)
  const shown = useRef(value)
  const reducedMotion = useReducedMotion()
  const lighter = useLighter()

  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const from = shown.current
    // Money has coins; all else is whole.
    const whole = Number.isInteger(value)
    if (reducedMotion || lighter || from === value || document.hidden) {
      shown.current = value
      element.textContent = format(value)
      return
    }
    const began = performance.now()
    const length = Math.min(700, 250 + Math.abs(value - from) * 20)
    let frame = requestAnimationFrame(function step(now) {
      const progress = Math.min(1, Math.max(0, (now - began) / length))
      const eased = 1 - (1 - progress) ** 3
      const next = progress === 1 ? value : from + (value - from) * eased
      shown.current = next
      element.textContent = format(whole ? Math.round(next) : next)
      if (progress < 1) frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [value, format, reducedMotion, lighter])

  return (
    <span ref={ref} className={className} suppressHydrationWarning>
      {format(value)}
    </span>
  )
}
