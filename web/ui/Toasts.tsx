'use client'

import { AnimatePresence } from 'motion/react'
import * as m from 'motion/react-m'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { cn } from './cn'
import { Icon } from './Icon'

export interface Toast {
  readonly kind: 'good' | 'bad'
  readonly title: string
  readonly text?: string
}

const Context = createContext<((toast: Toast) => void) | null>(null)
const shownFor = 5_000
const most = 3

/** Says what an action led to, in a corner of the page. */
export function useToast() {
  const show = useContext(Context)
  if (show === null) throw new Error('useToast is used outside of Toasts.')
  return show
}

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<(Toast & { id: number })[]>([])
  const next = useRef(0)
  const remove = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const show = useCallback(
    (toast: Toast) => {
      const id = next.current++
      setToasts((all) => [...all.slice(1 - most), { ...toast, id }])
      setTimeout(() => remove(id), shownFor)
    },
    [remove],
  )
  const list = useMemo(
    () => (
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-end gap-2 sm:left-auto sm:w-90"
      >
        <AnimatePresence initial={false}>
          {toasts.map((toast) => (
            <m.div
              key={toast.id}
              layout={false}
              initial={{ opacity: 0, y: 12, scale: 0.97 }}
              animate={{ opacity: 1, y: 0, scale: 1 }}
              exit={{ opacity: 0, scale: 0.97 }}
              transition={{ duration: 0.22 }}
              className="pointer-events-auto flex w-full items-start gap-3 rounded-xl border border-line-strong bg-raised p-3.5 shadow-xl"
            >
              <span
                className={cn(
                  'mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full',
                  toast.kind === 'good' ? 'bg-up/15 text-up' : 'bg-down/15 text-down',
                )}
              >
                <Icon name={toast.kind === 'good' ? 'check' : 'close'} size={12} />
              </span>
              <div className="min-w-0 flex-1 text-sm">
                <p className="font-medium">{toast.title}</p>
                {toast.text !== undefined && <p className="text-pretty text-muted">{toast.text}</p>}
              </div>
              <button
                type="button"
                aria-label="Dismiss"
                onClick={() => remove(toast.id)}
                className="-m-1 inline-flex size-6 items-center justify-center rounded-md text-faint hover:text-ink"
              >
                <Icon name="close" size={12} />
              </button>
            </m.div>
          ))}
        </AnimatePresence>
      </div>
    ),
    [toasts, remove],
  )
  return (
    <Context value={show}>
      {children}
      {list}
    </Context>
  )
}
