import type { Core } from "@strapi/strapi";

const USER = "admin::user";

/**
 * The first admin, from the environment.
 *
 * On a database without admins it is created, and the API tokens that Strapi makes on an empty database are
 * deleted. Afterwards the password belongs to the admin page, with one exception: when the environment's
 * password changes (a rotated Secret), it is set once more, so that the Secret's reader can log in.
 */
export async function ensureAdmin(strapi: Core.Strapi): Promise<void> {
  const { email, password } = strapi.config.get<{ email: string; password: string }>(
    "provision.admin",
  );
  const provisioned = strapi.store({ type: "core", name: "provision" });

  if ((await strapi.db.query(USER).count()) === 0) {
    await strapi.db.query("admin::api-token").deleteMany({});
    const superAdmin = await strapi.service("admin::role").getSuperAdmin();
    await strapi.service("admin::user").create({
      email,
      password,
      firstname: "Stack",
      lastname: "Admin",
      isActive: true,
      blocked: false,
      registrationToken: null,
      roles: [superAdmin.id],
    });
  } else {
    const { validatePassword } = strapi.service("admin::auth");
    const known = (await provisioned.get({ key: "adminPasswordHash" })) as string | null;
    if (known && (await validatePassword(password, known))) return;
    const admin = await strapi.db.query(USER).findOne({ where: { email: email.toLowerCase() } });
    if (!admin) {
      strapi.log.warn(
        `ADMIN_PASSWORD changed, but no admin has the address ${email}: nothing was set`,
      );
      return;
    }
    await strapi.service("admin::user").updateById(admin.id, { password });
    strapi.log.info(`the password of ${email} was set to the changed ADMIN_PASSWORD`);
  }

  const hash = await strapi.service("admin::auth").hashPassword(password);
  await provisioned.set({ key: "adminPasswordHash", value: hash });
}
