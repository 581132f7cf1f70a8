// SPDX-License-Identifier: Apache-2.0
// The bar at the top: where one is, where one can go, who one is.
import { address } from '../state/router';
import { isAdministrator, logOut, maySubmit, user } from '../state/session';
import { theme } from '../state/preferences';
import { themes } from '../state/theme';
import { asProblem } from '../api/problem';
import { notify } from '../state/notices';
import { text } from '../text/en';
import { ConnectionMark } from './connection_mark';
import { Icon, type IconName } from './icons';
import { Menu } from './menu';
import { helpIsOpen } from './shortcuts';

function NavLink({ href, icon, label }: { href: string; icon: IconName; label: string }) {
  const path = address.value.path;
  const here = href === '/jobs' ? path.startsWith('/jobs') && path !== '/jobs/new' : path === href;
  return (
    <a href={href} class="nav-link" aria-current={here ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{label}</span>
    </a>
  );
}

function ThemeChoice() {
  return (
    <fieldset class="segmented">
      <legend>{text.account.theme}</legend>
      <div class="segments">
        {themes.map((choice) => (
          <label key={choice}>
            <input type="radio" name="theme" checked={theme.value === choice} onChange={() => (theme.value = choice)} />
            <span>{text.account.themes[choice]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function AccountMenu() {
  const who = user.value;
  if (!who) return null;
  const name = who.display_name || who.username;
  const leave = (): void => {
    logOut().catch((error: unknown) => notify('problem', asProblem(error).message));
  };
  return (
    <Menu
      label={text.account.open(name)}
      face={
        <>
          <Icon name="user" />
          <span class="account-name">{name}</span>
          <Icon name="chevron" />
        </>
      }
    >
      {(close) => (
        <>
          <p class="menu-head">
            <span class="quiet">{text.account.signedInAs}</span>
            <strong>{who.username}</strong>
            <span class="quiet">{text.account.roles[who.role] ?? who.role}</span>
          </p>
          <ThemeChoice />
          <button
            type="button"
            class="menu-item"
            onClick={() => {
              close();
              helpIsOpen.value = true;
            }}
          >
            <Icon name="keyboard" />
            {text.account.shortcuts}
          </button>
          <button type="button" class="menu-item" onClick={leave}>
            <Icon name="logOut" />
            {text.account.logOut}
          </button>
        </>
      )}
    </Menu>
  );
}

export function Brand() {
  return (
    <span class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect class="brand-ground" width="32" height="32" rx="8" />
        <path class="brand-arena" d="M7 13.5C7 9.4 11 7 16 7s9 2.4 9 6.5V17c0 4.6-4 8-9 8s-9-3.4-9-8z" />
        <path class="brand-tick" d="m11.5 15.5 3.2 3.4 6-6.4" />
      </svg>
      <span>{text.product}</span>
    </span>
  );
}

export function TopBar() {
  return (
    <header class="top-bar">
      <div class="top-bar-inner">
        <a href="/jobs" class="brand-link" aria-label={text.nav.home}>
          <Brand />
        </a>
        <nav aria-label={text.nav.label} class="top-nav">
          <NavLink href="/jobs" icon="list" label={text.nav.jobs} />
          <NavLink href="/environments" icon="server" label={text.nav.environments} />
          {isAdministrator.value && <NavLink href="/plugins" icon="plugin" label={text.nav.plugins} />}
        </nav>
        <div class="top-bar-end">
          <ConnectionMark />
          {maySubmit.value && (
            <a href="/jobs/new" class="button button-primary" aria-current={address.value.path === '/jobs/new' ? 'page' : undefined}>
              <Icon name="plus" />
              <span class="label">{text.nav.newJob}</span>
            </a>
          )}
          <AccountMenu />
        </div>
      </div>
    </header>
  );
}
