import { mountPointsBelow } from "../../../local/cluster/leftovers.ts";

const mountinfo = `22 1 254:0 / / rw,relatime - ext4 /dev/root rw
30 22 0:40 / /state/run/containerd/a/rootfs rw,relatime - overlay overlay rw
31 22 0:41 / /state/kubelet/pods/1/volumes/a\\040b rw - tmpfs tmpfs rw
32 31 0:42 / /state/kubelet/pods/1/volumes/a\\040b/deeper rw - tmpfs tmpfs rw
33 22 0:43 / /state-of-others rw - tmpfs tmpfs rw
`;

test("mounts below a folder are found with their real names, the last mounted first", () => {
  expect(mountPointsBelow("/state", mountinfo)).toEqual([
    "/state/kubelet/pods/1/volumes/a b/deeper",
    "/state/kubelet/pods/1/volumes/a b",
    "/state/run/containerd/a/rootfs",
  ]);
});
