import type { ReactNode } from 'react'
import { Icon } from './Icon'

/** A filter that is on, and the way to take it off. */
export function Chip({ children, label, onRemove }: { children: ReactNode; label: string; onRemove: () => void }) {
  return (
    <span className="inline-flex h-8 animate-enter items-center gap-2 rounded-full border border-accent/35 bg-accent-soft pr-1 pl-3 text-sm">
      {children}
      <button
        type="button"
        onClick={onRemove}
        aria-label={`Remove filter ${label}`}
        className="inline-flex size-6 items-center justify-center rounded-full text-muted transition-colors hover:bg-raised hover:text-ink"
      >
        <Icon name="close" size={12} />
      </button>
    </span>
  )
}
