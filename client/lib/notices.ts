/** The browser's notifications, where there are any: they need https or this machine. */

export type Permission = NotificationPermission | "missing";

export const permission = (): Permission => ("Notification" in globalThis ? Notification.permission : "missing");

/** Asks the person, who has just pressed a button for it. */
export const askPermission = async (): Promise<Permission> => ("Notification" in globalThis ? Notification.requestPermission() : "missing");

/** One for each `tag`: a later one takes the place of the former, whichever tab showed it. */
export function showNotice({ title, body, tag, run }: { title: string; body: string; tag: string; run(): void }): void {
  if (permission() !== "granted") return;
  try {
    const notice = new Notification(title, { body, tag });
    notice.addEventListener("click", () => {
      window.focus();
      run();
      notice.close();
    });
  } catch {
    // a browser that shows them only by a service worker
  }
}
