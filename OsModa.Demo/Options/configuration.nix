# What people wrote by hand for the simulated servers.
{ lib, ... }:
{
  _file = "/etc/nixos/configuration.nix";
  networking.firewall.allowedTCPPorts = [ 22 80 443 ];
  services.nginx.enable = true;
  services.nginx.appendConfig = lib.mkForce "worker_processes 4;";
  services.nginx.recommendedTlsSettings = lib.mkDefault true;
  services.openssh.enable = true;
  services.openssh.settings.PasswordAuthentication = false;
  services.postgresql.enable = true;
  system.stateVersion = "24.05";
  time.timeZone = "Europe/Berlin";
  users.users.ops = { isNormalUser = true; description = "People on call"; extraGroups = [ "wheel" ]; openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVUKZ2mVnTqUO5mYbBfQ4hSgPkKDEoJRhGkPQc0zKYf ops@example.org" ]; };
}
