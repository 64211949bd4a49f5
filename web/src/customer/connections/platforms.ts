/** What each platform asks for when an account is connected. */

import { inWords } from '../../ui/StateBadge'
import type { ExchangeSetup, Platform } from '../wire'

export interface PlatformNeeds {
  name: string
  token: string
  tokenHelp: string
  identity: string
  identityHelp: string
  isIdentityNeeded: boolean
  takesRefreshToken: boolean
}

const WHOSE_TOKEN = 'Leave it empty to post as the account that the token belongs to.'

export const PLATFORMS: Record<Platform, PlatformNeeds> = {
  mastodon: {
    name: 'Mastodon',
    token: 'Access token',
    tokenHelp: 'In your server under Preferences, Development; it may read and write statuses.',
    identity: 'Account',
    identityHelp: WHOSE_TOKEN,
    isIdentityNeeded: false,
    takesRefreshToken: false,
  },
  bluesky: {
    name: 'Bluesky',
    token: 'App password',
    tokenHelp: 'In Bluesky under Settings, App passwords. Never your own password.',
    identity: 'Handle',
    identityHelp: 'The handle that the app password belongs to, like name.bsky.social.',
    isIdentityNeeded: true,
    takesRefreshToken: false,
  },
  x: {
    name: 'X',
    token: 'Access token',
    tokenHelp: 'An OAuth 2 token of a user that may read and write posts.',
    identity: 'Account',
    identityHelp: WHOSE_TOKEN,
    isIdentityNeeded: false,
    takesRefreshToken: true,
  },
  linkedin: {
    name: 'LinkedIn',
    token: 'Access token',
    tokenHelp: 'It may post for you, or for your organization.',
    identity: 'Post as',
    identityHelp: 'The URN of an organization, to post as it. Empty: as yourself.',
    isIdentityNeeded: false,
    takesRefreshToken: true,
  },
  facebook: {
    name: 'Facebook Page',
    token: 'Page access token',
    tokenHelp: 'The token of the Page, not your own.',
    identity: 'Page id',
    identityHelp: 'Empty: the Page that the token belongs to.',
    isIdentityNeeded: false,
    takesRefreshToken: false,
  },
  instagram: {
    name: 'Instagram',
    token: 'Access token',
    tokenHelp: 'The token of a professional account that may publish.',
    identity: 'Account id',
    identityHelp: 'Empty: the account that the token belongs to.',
    isIdentityNeeded: false,
    takesRefreshToken: false,
  },
}

const EXCHANGES: Record<ExchangeSetup['exchange_provider'], string> = {
  delta_exchange_india: 'Delta Exchange India',
}

export const PLATFORM_NAMES = Object.keys(PLATFORMS) as Platform[]

export function platformIn(text: string | undefined): Platform | undefined {
  return PLATFORM_NAMES.find((name) => name === text)
}

/** What an exchange or platform calls itself; one that is not known here goes by its name in the API. */
export function providerName(provider: string): string {
  const platform = platformIn(provider)
  if (platform) return PLATFORMS[platform].name
  return new Map<string, string>(Object.entries(EXCHANGES)).get(provider) ?? inWords(provider)
}
