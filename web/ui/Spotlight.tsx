import type { ReactNode } from 'react'
import { cn } from './cn'

/** A heading in a beam of light from above. */
export function Spotlight({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={cn('relative isolate', className)}>
      <span
        aria-hidden
        className="pointer-events-none absolute -inset-x-10 -top-40 bottom-[-6rem] -z-10"
        style={{
          background: 'conic-gradient(from 165deg at 18% 0%, transparent, var(--spot) 15deg, transparent 32deg)',
          maskImage: 'linear-gradient(black 30%, transparent)',
        }}
      />
      {children}
    </div>
  )
}
