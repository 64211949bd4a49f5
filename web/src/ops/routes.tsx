/** The operators' pages and their paths; each page is loaded when it is first opened. */

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router'

import { NotFound } from '../ui/NotFound'
import { doorSearch, needsSession, OnceSignedIn, routerOptions, type RouterContext } from '../ui/routing'
import { OpsSignIn } from './doors'
import { OpsShell } from './OpsShell'

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: NotFound })

const doors = createRoute({
  getParentRoute: () => root,
  id: 'doors',
  validateSearch: doorSearch,
  component: OnceSignedIn,
})
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: needsSession,
  component: OpsShell,
})

function page<Path extends string>(path: Path, component: RouteComponent) {
  return createRoute({ getParentRoute: () => inside, path, component })
}

const routes = root.addChildren([
  doors.addChildren([createRoute({ getParentRoute: () => doors, path: '/sign-in', component: OpsSignIn })]),
  inside.addChildren([
    page(
      '/',
      lazyRouteComponent(() => import('./pages/Overview'), 'Overview'),
    ),
    page(
      '/reference-agents',
      lazyRouteComponent(() => import('./pages/ReferenceAgents'), 'ReferenceAgents'),
    ),
    page(
      '/agent-types',
      lazyRouteComponent(() => import('./pages/AgentTypes'), 'AgentTypes'),
    ),
    page(
      '/agent-types/$id',
      lazyRouteComponent(() => import('./pages/AgentType'), 'AgentType'),
    ),
    page(
      '/hired-agents',
      lazyRouteComponent(() => import('./pages/HiredAgents'), 'HiredAgents'),
    ),
    page(
      '/hired-agents/$id',
      lazyRouteComponent(() => import('./pages/HiredAgent'), 'HiredAgent'),
    ),
    page(
      '/customers/$id/assist',
      lazyRouteComponent(() => import('./pages/Assist'), 'Assist'),
    ),
    page(
      '/deliverables/$id',
      lazyRouteComponent(() => import('./pages/AssistedReview'), 'AssistedReview'),
    ),
    page(
      '/approval-proposals/$id',
      lazyRouteComponent(() => import('./pages/OneProposal'), 'OneProposal'),
    ),
    page(
      '/correlations',
      lazyRouteComponent(() => import('./pages/Correlations'), 'Correlations'),
    ),
    page(
      '/correlations/$id',
      lazyRouteComponent(() => import('./pages/Correlation'), 'Correlation'),
    ),
    page(
      '/denials',
      lazyRouteComponent(() => import('./pages/Denials'), 'Denials'),
    ),
    page(
      '/usage',
      lazyRouteComponent(() => import('./pages/Usage'), 'Usage'),
    ),
    page(
      '/traces',
      lazyRouteComponent(() => import('./pages/Traces'), 'Traces'),
    ),
    page(
      '/traces/$id',
      lazyRouteComponent(() => import('./pages/Trace'), 'Trace'),
    ),
    page(
      '/dead-letters',
      lazyRouteComponent(() => import('./pages/DeadLetters'), 'DeadLetters'),
    ),
    page(
      '/kill-switches',
      lazyRouteComponent(() => import('./pages/KillSwitches'), 'KillSwitches'),
    ),
    page(
      '/audit',
      lazyRouteComponent(() => import('./pages/Audit'), 'Audit'),
    ),
  ]),
])

export function makeRouter(queries: QueryClient) {
  return createRouter({ routeTree: routes, ...routerOptions(queries) })
}
