<?php
/*
 * Runs inside PHP-FPM, where the agent opcache has it run over FastCGI: tells of the cache there, and empties it when asked to.
 * A web server that finds this file gets nothing: it always says who its visitor is, and the agent never does.
 */
declare(strict_types=1);

if (getenv('REMOTE_ADDR') !== false) {
    http_response_code(404);
    exit;
}
$status = function_exists('opcache_get_status') ? @opcache_get_status(false) : false;
$enabled = ($status['opcache_enabled'] ?? false) === true;
header('Content-Type: application/json');
echo json_encode([
    'php' => PHP_VERSION,
    'enabled' => $enabled,
    'restricted' => $status === false && (string) ini_get('opcache.restrict_api') !== '',
    'reset' => $enabled && getenv('HOCKET_OPCACHE') === 'reset' && function_exists('opcache_reset') && opcache_reset(),
    'status' => $status ?: [],
], JSON_PARTIAL_OUTPUT_ON_ERROR);
