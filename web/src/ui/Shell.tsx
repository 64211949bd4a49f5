/** Header, navigation and main area, of either app, at any width. */

import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  Menu,
  NavLink,
  Text,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLogout, IconMoon, IconSun, IconUser, type TablerIcon } from '@tabler/icons-react'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { useSession, useSignOut } from '../api/session'

export interface Place {
  to: string
  label: string
  icon: TablerIcon
  badge?: ReactNode
}

interface ShellProps {
  name: string
  places: readonly Place[]
  tools?: ReactNode
  accountPlace?: string
}

export function Shell({ name, places, tools, accountPlace }: ShellProps) {
  const [isOpen, { toggle, close }] = useDisclosure()
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <a className="skip-link" href="#main">
          Skip to the page
        </a>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={isOpen}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
          />
          <Text fw={700} visibleFrom="xs">
            {name}
          </Text>
          <Group gap="xs" ml="auto" wrap="nowrap">
            {tools}
            <ColorSwitch />
            <AccountMenu place={accountPlace} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Main">
        {places.map((place) => (
          <PlaceLink key={place.to} place={place} onGone={close} />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function PlaceLink({ place, onGone }: { place: Place; onGone: () => void }) {
  const { pathname } = useLocation()
  const isHere = place.to === '/' ? pathname === '/' : pathname.startsWith(place.to)
  return (
    <NavLink
      component={Link}
      to={place.to}
      label={place.label}
      leftSection={<place.icon size={18} aria-hidden />}
      rightSection={place.badge}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      onClick={onGone}
    />
  )
}

function ColorSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const isDark =
    colorScheme === 'dark' ||
    (colorScheme === 'auto' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={isDark ? 'Light colours' : 'Dark colours'}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  )
}

function AccountMenu({ place }: { place: string | undefined }) {
  const session = useSession()
  const signOut = useSignOut()
  if (!session) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px="xs" aria-label={`Account ${session.account.email}`}>
          <IconUser size={18} aria-hidden />
          <Text size="sm" truncate maw={140} ml="xs" visibleFrom="sm">
            {session.account.email}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.account.email}
          {session.account.roles && ` · ${session.account.roles.join(', ')}`}
        </Menu.Label>
        {place && (
          <Menu.Item component={Link} to={place}>
            Account
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
