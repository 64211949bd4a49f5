/** Showing a piece of a page in a test: with colours, and with a router for its links. */

import { MantineProvider } from '@mantine/core'
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'

import { theme } from '../../src/ui/theme'

export function show(piece: ReactNode) {
  const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })
  return render(piece, {
    wrapper: ({ children }: { children: ReactNode }) => (
      <RouterContextProvider router={router}>
        <MantineProvider theme={theme} env="test">
          {children}
        </MantineProvider>
      </RouterContextProvider>
    ),
  })
}
