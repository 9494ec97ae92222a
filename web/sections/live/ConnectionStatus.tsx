'use client'

import { time } from '@/data/format'
import { useLive } from '@/data/live/live'
import { cn } from '@/ui/cn'

/** Whether what is shown is right at this moment. */
export function ConnectionStatus() {
  const { status, snapshot } = useLive()
  const lost = status.kind === 'lost'
  const text = {
    connecting: 'Connecting…',
    open: 'Live',
    lost:
      snapshot === undefined
        ? 'Can’t reach the server. Retrying…'
        : `Connection lost${status.kind === 'lost' ? ` at ${time(new Date(status.since))}` : ''}. Reconnecting… The numbers may be out of date.`,
    refused: status.kind === 'refused' ? status.reason : '',
  }[status.kind]
  return (
    <p
      role="status"
      className={cn(
        'flex items-center gap-2 rounded-full text-sm transition-colors',
        status.kind === 'open' || status.kind === 'connecting' ? 'text-muted' : 'animate-enter bg-warn-soft px-3 py-1 text-warn',
      )}
    >
      <span
        aria-hidden
        className={cn(
          'relative flex size-2 rounded-full',
          status.kind === 'open' ? 'bg-up' : lost || status.kind === 'refused' ? 'bg-warn' : 'animate-pulse-soft bg-faint',
        )}
      >
        {status.kind === 'open' && (
          <span className="heavy absolute -inset-1 animate-[ring_2.4s_ease-out_infinite] rounded-full border border-up" />
        )}
      </span>
      {text}
    </p>
  )
}
