'use client'

import { type ComponentProps, type PointerEvent, useRef } from 'react'
import { cn } from './cn'
import { useReducedMotion } from './motion'

/**
 * A surface with a glow that follows the pointer. `tilt` leans it towards the pointer by as many degrees at most; a card that is read and not touched should not.
 */
export function Card({ tilt = 0, className, children, ...rest }: { tilt?: number } & ComponentProps<'section'>) {
  const ref = useRef<HTMLElement>(null)
  const reducedMotion = useReducedMotion()
  const moved = (event: PointerEvent) => {
    const card = ref.current
    if (card === null || event.pointerType !== 'mouse') return
    const box = card.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    card.style.setProperty('--x', `${x}px`)
    card.style.setProperty('--y', `${y}px`)
    if (tilt > 0 && !reducedMotion)
      card.style.transform = `perspective(900px) rotateX(${(0.5 - y / box.height) * tilt}deg) rotateY(${(x / box.width - 0.5) * tilt}deg)`
  }
  const left = () => {
    if (ref.current !== null) ref.current.style.transform = ''
  }
  return (
    <section
      ref={ref}
      onPointerMove={moved}
      onPointerLeave={left}
      className={cn(
        'group/card relative min-w-0 rounded-card border border-line bg-surface shadow-(--shadow) transition-transform duration-200 ease-out',
        className,
      )}
      {...rest}
    >
      <span
        aria-hidden
        className="pointer-events-none absolute inset-0 rounded-[inherit] opacity-0 transition-opacity duration-300 group-hover/card:opacity-100"
        style={{ background: 'radial-gradient(24rem circle at var(--x, 50%) var(--y, 0%), var(--glow), transparent 70%)' }}
      />
      {children}
    </section>
  )
}

/** The title of a card, and what stands at its right. */
export function CardHeader({ title, hint, children }: { title: string; hint?: string; children?: React.ReactNode }) {
  return (
    <header className="relative flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <div className="min-w-0">
        <h2 className="text-sm font-medium tracking-tight">{title}</h2>
        {hint !== undefined && <p className="text-xs text-faint">{hint}</p>}
      </div>
      {children !== undefined && <div className="flex items-center gap-1.5">{children}</div>}
    </header>
  )
}
