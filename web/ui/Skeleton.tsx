import { cn } from './cn'

/** Stands where something will be, in its size, so that nothing jumps when it comes. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden data-skeleton className={cn('block animate-pulse-soft rounded-md bg-raised', className)} />
}
