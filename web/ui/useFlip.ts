'use client'

import { type RefObject, useLayoutEffect, useRef } from 'react'
import { useLighter } from './frames'
import { useReducedMotion } from './motion'

/**
 * Lets the children of a list glide to where a new order puts them (first, last, invert, play). Each child that takes part has `data-flip` with a key of its own. Positions are
 * read only where the order changed.
 *
 * @param order The keys in order, as one text.
 */
export function useFlip(order: string): RefObject<HTMLTableSectionElement | null> {
  const list = useRef<HTMLTableSectionElement>(null)
  const tops = useRef(new Map<string, number>())
  const reducedMotion = useReducedMotion()
  const lighter = useLighter()
  useLayoutEffect(() => {
    if (list.current === null) return
    const rows = [...list.current.querySelectorAll<HTMLElement>('[data-flip]')]
    const before = tops.current
    tops.current = new Map(rows.map((row) => [row.dataset.flip ?? '', row.offsetTop]))
    if (reducedMotion || lighter) return
    for (const row of rows) {
      const old = before.get(row.dataset.flip ?? '')
      const moved = old === undefined ? 0 : old - row.offsetTop
      if (moved !== 0)
        row.animate([{ transform: `translateY(${moved}px)` }, { transform: 'none' }], {
          duration: 420,
          easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)',
        })
    }
  }, [order, reducedMotion, lighter])
  return list
}
