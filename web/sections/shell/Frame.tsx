'use client'

import { LazyMotion, MotionConfig } from 'motion/react'
import type { ReactNode } from 'react'
import { useFrameWatch } from '@/ui/frames'
import { Toasts } from '@/ui/Toasts'
import { Header } from './Header'

const features = () => import('@/ui/features').then((module) => module.default)

/** What surrounds every page. */
export function Frame({ children }: { children: ReactNode }) {
  useFrameWatch()
  return (
    <LazyMotion features={features} strict>
      <MotionConfig reducedMotion="user">
        <Toasts>
          <a href="#content" className="sr-only z-50 rounded-lg bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
            Skip to content
          </a>
          <Header />
          <div id="content">{children}</div>
        </Toasts>
      </MotionConfig>
    </LazyMotion>
  )
}
