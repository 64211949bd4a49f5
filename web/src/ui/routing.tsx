/** How either app is routed: the doors for those who are not signed in, the shell with its pages for all others. */

import { Center, Loader } from '@mantine/core'
import type { QueryClient } from '@tanstack/react-query'
import { Navigate, Outlet, redirect, useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'

import { sessionQuery, useSession } from '../api/session'

export interface RouterContext {
  queries: QueryClient
}

export interface DoorSearch {
  to?: string
}

const OWN_PATH = /^\/(?![/\\])[^\\]*$/

export function isOwnPath(path: unknown): path is string {
  return typeof path === 'string' && OWN_PATH.test(path)
}

/** Only a path of our own may be gone to after signing in. */
export function doorSearch(search: Record<string, unknown>): DoorSearch {
  const { to } = search
  return isOwnPath(to) ? { to } : {}
}

export async function needsSession({
  context,
  location,
}: {
  context: RouterContext
  location: { href: string }
}) {
  const session = await context.queries.ensureQueryData(sessionQuery)
  if (!session) throw redirect({ to: '/sign-in', search: { to: location.href } as never })
}

/** Pages vanish as soon as the session does, wherever it was ended. */
export function WhileSignedIn({ children }: { children: ReactNode }) {
  const isSignedIn = Boolean(useSession())
  const router = useRouter()

  useEffect(() => {
    if (isSignedIn) return
    const { href } = router.state.location
    void router.navigate({ to: '/sign-in', search: { to: href } as never, replace: true })
  }, [isSignedIn, router])

  return isSignedIn ? children : null
}

export function OnceSignedIn() {
  const session = useSession()
  const { to } = doorSearch(useSearch({ strict: false }))
  return session ? <Navigate to={to ?? '/'} replace /> : <Outlet />
}

export function Opening() {
  return (
    <Center h="50vh">
      <Loader aria-label="Opening the page" />
    </Center>
  )
}

/** How either app's router behaves, whatever its pages. */
export function routerOptions(queries: QueryClient) {
  return {
    context: { queries },
    defaultPendingComponent: Opening,
    defaultPreload: 'intent',
    scrollRestoration: true,
  } as const
}
