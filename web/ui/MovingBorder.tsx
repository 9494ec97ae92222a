import type { ReactNode } from 'react'
import { cn } from './cn'

/** A light that runs around what matters most on a page: one at a time, or none of them does. */
export function MovingBorder({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={cn('relative rounded-card p-px', className)}>
      <span
        aria-hidden
        className="heavy absolute inset-0 animate-[turn_7s_linear_infinite] rounded-card"
        style={{
          background: 'conic-gradient(from var(--turn), var(--line) 0deg, var(--line) 250deg, var(--accent) 330deg, var(--line) 360deg)',
        }}
      />
      {children}
    </div>
  )
}
