import { useEffect } from "preact/hooks";
import { deviceOf } from "../lib/devices.ts";
import { relativeOf } from "../lib/dates.ts";
import { meStrings } from "../lib/me-strings.ts";
import type { App } from "../models/app.ts";
import { Icon } from "./icon.tsx";

export function Devices({ app }: { app: App }) {
  const devices = app.devices.devices.value;
  useEffect(() => void app.attempt(app.devices.find), []);
  const others = devices?.filter(({ current }) => !current) ?? [];
  return (
    <section class="me__part">
      <h2 class="me__title">{meStrings.devices}</h2>
      <p class="quiet">{meStrings.devices_hint}</p>
      <ul class="me__devices">
        {devices?.map(({ id, device, seen_at, current }) => {
          const name = deviceOf(device) ?? meStrings.unknown_device;
          return (
            <li class="me__device" key={id}>
              <Icon sign="device" />
              <span class="me__device-words">
                <span title={device}>{name}</span>
                <span class="field__hint">{current ? meStrings.this_device : meStrings.seen_when(relativeOf(seen_at, Date.now()))}</span>
              </span>
              {!current && (
                <button
                  class="button"
                  type="button"
                  aria-label={meStrings.end_device_of(name)}
                  onClick={() => void app.attempt(() => app.devices.end(id))}
                >
                  {meStrings.end_device}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {others.length > 1 && (
        <button class="button" data-kind="danger" type="button" onClick={() => void app.attempt(app.devices.endOthers)}>
          {meStrings.end_others}
        </button>
      )}
    </section>
  );
}
